using As2.Agreements;

namespace As2.Certificates;

/// <summary>
/// Chooses among the certificates of a role by their windows: a pure function, the same for all six paths. A switch is scheduled by
/// giving the new certificate a later start than the old one; both may overlap for as long as the partner needs.
/// </summary>
public static class CertificateSelection
{
    /// <summary>
    /// The certificates to use now, the preferred first.
    /// <list type="bullet">
    /// <item>Sign, SignReceipt, Encrypt, TlsClient: at most one, in its window; of several the one that started last, then the first of the list.</item>
    /// <item>Decrypt: every one with a private key, those in their window first: a late message may be for a retired key.</item>
    /// <item>Verify, VerifyReceipt: all, those in their window first: who verifies refuses the others by name, not as unknown.</item>
    /// </list>
    /// </summary>
    /// <param name="role">The path.</param>
    /// <param name="held">The certificates of that role, as their source gives them.</param>
    /// <param name="now">The moment.</param>
    public static IReadOnlyList<As2Certificate> Select(CertificateRole role, IReadOnlyList<As2Certificate> held, DateTimeOffset now)
        => held is [] || (held is [var only] && only.IsInUse(now) && (HasKey(only) || !NeedsKey(role))) ? held : SelectAmong(role, held, now);

    private static IReadOnlyList<As2Certificate> SelectAmong(CertificateRole role, IReadOnlyList<As2Certificate> held, DateTimeOffset now) => role switch
    {
        CertificateRole.Sign or CertificateRole.SignReceipt or CertificateRole.TlsClient => [.. InUse(held.Where(HasKey), now).Take(1)],
        CertificateRole.Encrypt => [.. InUse(held, now).Take(1)],
        CertificateRole.Decrypt => [.. held.Where(HasKey).OrderByDescending(c => c.IsInUse(now))],
        _ => [.. held.OrderByDescending(c => c.IsInUse(now))],
    };

    /// <summary>The certificates of a source to use now; see <see cref="Select"/>.</summary>
    internal static ValueTask<IReadOnlyList<As2Certificate>> SelectAsync(
        this ICertificateSource source, Partnership partnership, CertificateRole role, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var held = source.FindAsync(partnership, role, cancellationToken);
        return held.IsCompletedSuccessfully ? ValueTask.FromResult(Select(role, held.Result, now)) : WaitAsync(held);

        async ValueTask<IReadOnlyList<As2Certificate>> WaitAsync(ValueTask<IReadOnlyList<As2Certificate>> found)
            => Select(role, await found.ConfigureAwait(false), now);
    }

    /// <summary>When the certificate of a role that is in use now ends without a successor; null when none is in use.</summary>
    /// <param name="role">The path.</param>
    /// <param name="held">The certificates of that role.</param>
    /// <param name="now">The moment.</param>
    public static DateTimeOffset? CoveredUntil(CertificateRole role, IReadOnlyList<As2Certificate> held, DateTimeOffset now)
    {
        var windows = held.Where(c => !NeedsKey(role) || HasKey(c)).OrderBy(c => c.NotBefore).ToList();
        DateTimeOffset? until = null;
        foreach (var window in windows.Where(w => w.NotAfter >= now && w.NotBefore <= (until ?? now)))
            until = until is { } end && end > window.NotAfter ? end : window.NotAfter;
        return until;
    }

    private static bool NeedsKey(CertificateRole role)
        => role is CertificateRole.Sign or CertificateRole.SignReceipt or CertificateRole.Decrypt or CertificateRole.TlsClient;

    private static bool HasKey(As2Certificate certificate) => certificate.Certificate.HasPrivateKey;

    private static IEnumerable<As2Certificate> InUse(IEnumerable<As2Certificate> held, DateTimeOffset now)
        => held.Where(c => c.IsInUse(now)).OrderByDescending(c => c.NotBefore);
}
