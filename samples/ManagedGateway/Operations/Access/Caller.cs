using System.Globalization;
using System.Security.Claims;

namespace ManagedGateway.Operations.Access;

/// <summary>Who asks: a user's session, or a token of a user.</summary>
/// <param name="User">The user's number.</param>
/// <param name="Name">For the audit log: the user, and the token where one is used.</param>
/// <param name="Role">What is allowed.</param>
/// <param name="Organisation">The only organisation that is seen; null: all.</param>
internal sealed record Caller(long User, string Name, Role Role, string? Organisation)
{
    /// <summary>The hash of the session, or null for a token.</summary>
    public string? Session { get; init; }

    /// <summary>Lets nobody through whose role is too small: pages and programs meet the same rule.</summary>
    /// <exception cref="As2.As2Exception">GW-ROLE-001.</exception>
    public void Require(Role role)
    {
        if (Role < role)
            throw new As2.As2Exception("GW-ROLE-001", "Your role does not allow this: ask a security administrator.");
    }

    /// <summary>As the framework's identity.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, User.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(ClaimTypes.Name, Name));
        identity.AddClaim(new Claim(nameof(Role), Role.ToString()));
        if (Organisation is not null)
            identity.AddClaim(new Claim(nameof(Organisation), Organisation));
        if (Session is not null)
            identity.AddClaim(new Claim(nameof(Session), Session));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The caller of an authenticated request, or null.</summary>
    public static Caller? Of(ClaimsPrincipal principal)
        => principal.Identity is { IsAuthenticated: true } && Enum.TryParse<Role>(principal.FindFirstValue(nameof(Role)), out var role)
            ? new Caller(
                long.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture), principal.Identity.Name!, role,
                principal.FindFirstValue(nameof(Organisation)))
            {
                Session = principal.FindFirstValue(nameof(Session)),
            }
            : null;

    /// <summary>For a minimal API: the request was let in, so there is one.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context)
        => ValueTask.FromResult(Of(context.User) ?? throw new BadHttpRequestException("Sign in first.", StatusCodes.Status401Unauthorized));
}
