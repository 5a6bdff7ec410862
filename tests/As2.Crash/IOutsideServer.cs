namespace As2.Crash;

/// <summary>The customer's server with a reader that takes files at once.</summary>
internal interface IOutsideServer
{
    /// <summary>Runs once, when the next rename was done.</summary>
    Action? AtRename { get; set; }

    /// <summary>Temporary files that nobody owns any more.</summary>
    IEnumerable<string> Left { get; }
}
