using As2.Storage;

namespace As2.Routes;

/// <summary>Routes to folders outside the gateway: another server's, or one of this machine.</summary>
public static class OutsideRoute
{
    /// <summary>The start of the name of every such route: <c>outside:NAME</c>.</summary>
    public const string Prefix = "outside:";

    /// <summary>The job that tells the route a message came from of its outcome; none for messages from elsewhere.</summary>
    internal static IReadOnlyList<NewJob> Report(StoredMessage message)
        => message.Account is { } origin && origin.StartsWith(Prefix, StringComparison.Ordinal) ? [new NewJob(JobKind.Deliver, Route: origin)] : [];
}
