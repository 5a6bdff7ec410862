using System.IO.Pipelines;

namespace As2.Ftp.Server.Connections;

/// <summary>A connection's two pipes as one stream, which TLS needs. Disposing leaves the pipes to their owner.</summary>
internal sealed class DuplexPipeStream(IDuplexPipe pipe)
    : TwoWayStream(pipe.Input.AsStream(leaveOpen: true), pipe.Output.AsStream(leaveOpen: true));
