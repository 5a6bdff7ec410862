namespace As2;

/// <summary>
/// A fault of the host: wrong configuration, a broken store, a missing key. A partner's fault is never thrown; it is a
/// <see cref="Receipts.Disposition"/>.
/// </summary>
public sealed class As2Exception : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="id">Stable identifier such as <c>AS2-CERT-001</c>; documented and asserted by tests.</param>
    /// <param name="message">Names the thing, shows the value, states the fix. Carries no secret and no payload byte.</param>
    /// <param name="inner">The cause, when there is one.</param>
    public As2Exception(string id, string message, Exception? inner = null)
        : base(message, inner) => Id = id;

    /// <summary>Stable identifier of the fault.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public override string ToString() => $"[{Id}] {base.ToString()}";
}
