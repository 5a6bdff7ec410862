using As2;
using ManagedGateway.Operations.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;

namespace ManagedGateway.Console.Parts;

/// <summary>
/// A page of the console: whenever it loads or acts, the session is asked anew, so that who was shut out sees and does nothing more on a
/// page that stays open.
/// </summary>
public abstract class ConsolePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [Inject]
    private Sessions Sessions { get; set; } = null!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>The role without which nothing is loaded.</summary>
    private protected virtual Role Needed => Role.Viewer;

    /// <summary>How often the page loads anew by itself. Null: never.</summary>
    private protected virtual TimeSpan? Every => null;

    /// <summary>Who looks; null until the first load.</summary>
    private protected Caller? Caller { get; private set; }

    /// <summary>What went wrong, for people.</summary>
    private protected string? Fault { get; private set; }

    /// <summary>True when there is something to show.</summary>
    private protected bool IsLoaded { get; private set; }

    /// <summary>Reads what the page shows.</summary>
    private protected abstract Task LoadAsync(Caller caller, CancellationToken cancellationToken);

    protected override Task OnParametersSetAsync() => ReloadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && Every is { } every)
            _ = KeepFreshAsync(every);
    }

    /// <summary>Loads anew.</summary>
    private protected Task ReloadAsync() => LoadAsync(isRequest: true);

    /// <summary>Does something for a role at least, and loads anew.</summary>
    /// <exception cref="As2Exception">It could not be done; <see cref="Act"/> shows why, beside its button.</exception>
    private protected async Task ActAsync(Role role, Func<Caller, CancellationToken, Task> action)
    {
        if (await EnterAsync(isRequest: true) is not { } caller)
            return;
        caller.Require(role);
        try
        {
            await action(caller, _closed.Token);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            return;
        }
        await ReloadAsync();
        // The button may be a part of a part.
        StateHasChanged();
    }

    /// <summary>Tells that something was done.</summary>
    private protected void Say(string text) => Snackbar.Add(text, Severity.Success);

    /// <summary>Tells what works, but somebody should look at.</summary>
    private protected void Warn(string text) => Snackbar.Add(text, Severity.Warning);

    /// <summary>Whether buttons for this role are shown; pressing them asks anew.</summary>
    private protected bool May(Role role) => Caller?.Role >= role;

    private async Task<Caller?> EnterAsync(bool isRequest)
    {
        var known = Caller.Of((await Authentication).User)?.Session;
        if (known is not null && Sessions.FindByHash(known, isRequest) is { } caller && caller.Role >= Needed)
            return Caller = caller;
        Navigation.NavigateTo("/sign-in", forceLoad: true);
        return null;
    }

    private async Task LoadAsync(bool isRequest)
    {
        if (await EnterAsync(isRequest) is not { } caller)
            return;
        try
        {
            await LoadAsync(caller, _closed.Token);
            (Fault, IsLoaded) = (null, true);
        }
        catch (As2Exception fault)
        {
            Fault = $"{fault.Message} ({fault.Id})";
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page is gone.
        }
    }

    private async Task KeepFreshAsync(TimeSpan every)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(_closed.Token))
            {
                await InvokeAsync(async () =>
                {
                    await LoadAsync(isRequest: false);
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
        GC.SuppressFinalize(this);
    }
}
