namespace As2.Restart;

/// <summary>The answer to a restart query: 200 with <c>Content-Length</c>, or 503 while a request of the transfer is being read.</summary>
/// <param name="Held">How many octets of the body are held; 0: send it whole.</param>
/// <param name="IsBusy">True while a request of the transfer is being read.</param>
public readonly record struct RestartAnswer(long Held, bool IsBusy)
{
    internal static RestartAnswer Of(long? held) => held is { } octets ? new(octets, false) : new(0, true);
}
