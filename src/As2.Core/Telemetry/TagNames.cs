namespace As2.Telemetry;

/// <summary>The tags of spans and instruments. Those of instruments have few values: names of agreements, never remote text.</summary>
internal static class TagNames
{
    public const string Local = "as2.local";
    public const string Partner = "as2.partner";
    public const string Direction = "as2.direction";
    public const string Outcome = "as2.outcome";
    public const string Disposition = "as2.disposition";
    public const string Route = "as2.route";
    public const string Kind = "as2.kind";
    public const string Id = "as2.id";
    public const string MessageId = "as2.message_id";
    public const string Attempt = "as2.attempt";
    public const string Bytes = "as2.bytes";
    public const string Account = "as2.account";
    public const string File = "as2.file";
    public const string Status = "http.response.status_code";
}
