using ManagedGateway.Secrets;

namespace ManagedGateway.Operations.Alerts;

/// <summary>What every check needs, and the kinds of alerts.</summary>
internal sealed class ChecksContext(Organisations organisations, SealedFiles files, TimeProvider clock)
{
    public const string Certificate = "Certificate";
    public const string ReceiptOverdue = "ReceiptOverdue";
    public const string PartnerSuspended = "PartnerSuspended";
    public const string DeliveryFailing = "DeliveryFailing";
    public const string Backlog = "Backlog";
    public const string Disk = "Disk";
    public const string Security = "Security";
    public const string Notice = "Notice";

    /// <summary>The kinds that checks find again as long as they hold.</summary>
    public static readonly IReadOnlySet<string> Checked = new HashSet<string> { Certificate, ReceiptOverdue, PartnerSuspended, DeliveryFailing, Backlog, Disk, Security, Notice };

    public Organisations Organisations => organisations;

    public SealedFiles Files => files;

    public DateTimeOffset Now => clock.GetUtcNow();
}
