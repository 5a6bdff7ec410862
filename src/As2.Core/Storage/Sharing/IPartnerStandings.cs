namespace As2.Storage;

/// <summary>Keeps standings, of one process or for all nodes. Thread-safe.</summary>
internal interface IPartnerStandings
{
    /// <summary>The standing, or null: nothing is known against the partner.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="fresh">As it is now; otherwise it may be a second old.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<PartnerStanding?> FindAsync(StandingKey key, bool fresh, CancellationToken cancellationToken);

    /// <summary>Keeps a standing in place of the one of its version, which for version 0 is none.</summary>
    /// <returns>False: somebody else was first.</returns>
    ValueTask<bool> ReplaceAsync(PartnerStanding standing, CancellationToken cancellationToken);

    /// <summary>Forgets it.</summary>
    ValueTask RemoveAsync(StandingKey key, CancellationToken cancellationToken);
}
