namespace As2.Storage;

/// <summary>Where a message ends.</summary>
internal static class FinalStates
{
    public static bool IsFinal(this MessageState state) => state is MessageState.Delivered or MessageState.Refused or MessageState.Acknowledged
        or MessageState.Rejected or MessageState.MicMismatch or MessageState.Expired or MessageState.Cancelled;
}
