using ManagedGateway.Operations.Notices;

namespace ManagedGateway.Operations.Alerts;

/// <summary>When people are told, and by which mail server; the section <c>Alerts</c>.</summary>
public sealed class AlertSettings
{
    /// <summary>The mail server. Default: none, alerts are in the console, the API and webhooks.</summary>
    public MailSettings? Mail { get; set; }

    /// <summary>Days before the end of a certificate, each told once. Default: 60, 30, 14, 7, 1.</summary>
    public List<int> CertificateDays { get; set; } = [60, 30, 14, 7, 1];

    /// <summary>Messages under way of one station from which on it is a backlog. Default: 1,000.</summary>
    public long BacklogMessages { get; set; } = 1_000;

    /// <summary>The age of the oldest message under way from which on it is a backlog. Default: one hour.</summary>
    public TimeSpan BacklogAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a received message may wait for its route. Default: 10 minutes.</summary>
    public TimeSpan DeliveryAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Free bytes of the disk below which it is told. Default: 2 GiB.</summary>
    public long DiskFree { get; set; } = 2L << 30;

    /// <summary>Refused messages of one pair within an hour from which on it is a matter of security. Default: 10.</summary>
    public long RefusedPerHour { get; set; } = 10;
}
