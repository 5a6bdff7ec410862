namespace As2.Telemetry;

/// <summary>The spans, in the order of a message's way. TELEMETRY.md says what each covers.</summary>
internal static class SpanNames
{
    public const string Upload = "as2.upload";
    public const string Submit = "as2.submit";
    public const string Send = "as2.send";
    public const string Pack = "as2.pack";
    public const string Post = "as2.post";
    public const string Receive = "as2.receive";
    public const string Peel = "as2.peel";
    public const string Store = "as2.store";
    public const string Receipt = "as2.receipt";
    public const string PostReceipt = "as2.post_receipt";
    public const string Deliver = "as2.deliver";
    public const string PickUp = "as2.pick_up";
}
