using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using As2.Routes;

namespace As2.Ftp.Destinations;

/// <summary>
/// The files of one route under their temporary names. An owner that stalls may write one after its successor has delivered, and die
/// before it takes it away: whoever delivers something once in an hour clears away what is left of messages that are done. Thread-safe.
/// </summary>
internal sealed class TemporaryFiles(FtpDestinationOptions options, TimeProvider clock)
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    // Routes to one folder leave each other's files alone.
    private readonly string _route = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Name)))[..8];
    private long _dueAt = clock.GetTimestamp();

    /// <summary>The name for a file of a delivery, new with every call: no clearing away can mean another upload than it saw.</summary>
    public string NewName(Delivery delivery) => string.Create(
        CultureInfo.InvariantCulture, $"{delivery.Message.Id}.{_route}.{delivery.Fence}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.part");

    /// <summary>Before an upload: those of this delivery's former owners, who can have no checkpoint any more, and every hour those of all that is done.</summary>
    public async Task SweepAsync(IMailboxClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        if (IsDue())
            await SweepAsync(client, async id => id == delivery.Message.Id || await delivery.IsDoneAsync(id, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        else if (delivery.Attempt > 1)
            await SweepAsync(client, id => ValueTask.FromResult(id == delivery.Message.Id), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes the files of this route whose message is unwanted, as far as the server lets us: what is left costs room and no delivery.</summary>
    public async Task SweepAsync(IMailboxClient client, Func<string, ValueTask<bool>> isUnwanted, CancellationToken cancellationToken)
    {
        foreach (var name in await ListAsync(client, cancellationToken).ConfigureAwait(false))
        {
            if (MessageOf(name) is { } id && await isUnwanted(id).ConfigureAwait(false))
                await DeleteAsync(client, name, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IEnumerable<string>> ListAsync(IMailboxClient client, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.ListAsync(options.EffectiveTemporaryFolder, cancellationToken).ConfigureAwait(false)).Select(file => file.Name);
        }
        catch (FtpException refused) when (refused.Failure == FtpFailure.Refused)
        {
            return [];
        }
    }

    private async Task DeleteAsync(IMailboxClient client, string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync(options.TemporaryPathOf(name), cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException refused) when (refused.Failure == FtpFailure.Refused)
        {
            // Another owner was quicker, or we may not.
        }
    }

    private string? MessageOf(string name)
        => name.Split('.') is [{ Length: 32 } id, var route, _, _, "part"] && route == _route ? id : null;

    private bool IsDue()
    {
        var (now, due) = (clock.GetTimestamp(), Volatile.Read(ref _dueAt));
        return now >= due && Interlocked.CompareExchange(ref _dueAt, now + (long)(s_every.TotalSeconds * clock.TimestampFrequency), due) == due;
    }
}
