using As2.Agreements;

namespace As2.Certificates;

/// <summary>
/// Gives the certificates of a partnership. Called for every message: implementations answer from memory, with the same
/// <see cref="As2Certificate"/> instances each time. Thread-safe.
/// </summary>
public interface ICertificateSource
{
    /// <summary>
    /// The certificates of one role, the preferred first. Those of our private keys carry their key. Windows are not applied here:
    /// the caller chooses by <see cref="CertificateSelection"/>.
    /// </summary>
    /// <param name="partnership">Whose.</param>
    /// <param name="role">For which path.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    ValueTask<IReadOnlyList<As2Certificate>> FindAsync(Partnership partnership, CertificateRole role, CancellationToken cancellationToken);
}
