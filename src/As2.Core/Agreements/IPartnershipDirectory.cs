namespace As2.Agreements;

/// <summary>Finds partnerships. Called for every message: implementations answer from memory. Thread-safe.</summary>
public interface IPartnershipDirectory
{
    /// <summary>The partnership of this exact pair, or null.</summary>
    /// <param name="local">Our AS2 name.</param>
    /// <param name="partner">The partner's AS2 name.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    ValueTask<Partnership?> FindAsync(As2Identifier local, As2Identifier partner, CancellationToken cancellationToken);
}
