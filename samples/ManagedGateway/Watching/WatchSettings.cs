namespace ManagedGateway.Watching;

/// <summary>The listener for those who watch the gateway, its own and never a public one, and where traces go.</summary>
internal sealed class WatchSettings
{
    /// <summary>The address. Default: this machine only; there is no sign-in.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port of <c>/metrics</c>, <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public int Port { get; set; } = 4083;

    /// <summary>The OpenTelemetry collector that takes traces and figures: <c>http://collector:4318</c>. Default: none.</summary>
    public Uri? Collector { get; set; }

    /// <summary>True: the collector speaks gRPC (port 4317, as a rule). Default: HTTP with protobuf.</summary>
    public bool CollectorSpeaksGrpc { get; set; }

    /// <summary>What this gateway is called there.</summary>
    public string Service { get; set; } = "as2-gateway";
}
