using ManagedGateway.Secrets;

namespace ManagedGateway.Operations.Alerts;

/// <summary>What every check needs, and the kinds of alerts.</summary>
internal sealed class ChecksContext(Organisations organisations, SealedFiles files, GatewaySettings settings, TimeProvider clock)
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

    /// <summary>This node among those that share a store.</summary>
    public string Node => $"{Environment.MachineName}:{settings.Listen.As2Port}";

    /// <summary>How texts name the machine: by its node where there are several.</summary>
    public string Here => settings.Store is null ? "" : $" of node {Node}";

    public SealedFiles Files => files;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The step that a certificate's end has reached: the fewest of the agreed days that are not less than what is left; -1 when it is over; null: none yet.</summary>
    public int? Ending(DateTimeOffset? end, AlertSettings alerts)
    {
        if (end is not { } until || until <= Now)
            return -1;
        var steps = alerts.CertificateDays.Where(d => until - Now <= TimeSpan.FromDays(d)).ToList();
        return steps.Count == 0 ? null : steps.Min();
    }

    /// <summary>A step in words.</summary>
    public static string Words(int days) => days switch { < 0 => "has ended", 1 => "ends within a day", _ => $"ends within {days} days" };
}
