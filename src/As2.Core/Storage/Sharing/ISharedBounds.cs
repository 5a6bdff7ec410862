namespace As2.Storage;

/// <summary>Counts what all nodes together may do in a minute. Thread-safe.</summary>
internal interface ISharedBounds
{
    /// <summary>Takes a share of what is left in the minute that ends now.</summary>
    /// <param name="key">Of what.</param>
    /// <param name="perMinute">The bound of all nodes.</param>
    /// <param name="share">How much to take: all of it, or nothing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False: less than this is left.</returns>
    ValueTask<bool> TryTakeAsync(string key, int perMinute, int share, CancellationToken cancellationToken);
}

/// <summary>What nodes on one store hold in common besides messages.</summary>
/// <param name="Standings">Which partners are left alone.</param>
/// <param name="Bounds">What is used of bounds.</param>
internal sealed record SharedState(IPartnerStandings Standings, ISharedBounds Bounds);
