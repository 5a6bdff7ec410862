using As2.Storage;

namespace ManagedGateway.Operations.Messages;

/// <summary>A layer of a message.</summary>
/// <param name="Name">What it does and with what.</param>
/// <param name="Detail">How, where that was seen; else empty.</param>
public sealed record LayerLine(string Name, string Detail);

/// <summary>The layers out of the words that the store keeps about them.</summary>
internal static class LayerWords
{
    private static readonly string[] s_layers = ["encrypted", "signed", "compressed", "attachments"];

    /// <summary>The layers from the outermost to the innermost.</summary>
    public static IReadOnlyList<LayerLine> Of(StoredMessage message)
    {
        var layers = new List<LayerLine>();
        foreach (var word in message.Security.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            if (layers.Count == 0 || s_layers.Any(name => word.StartsWith(name, StringComparison.Ordinal)))
                layers.Add(new LayerLine(word, ""));
            else
                layers[^1] = layers[^1] with { Detail = layers[^1].Detail.Length > 0 ? $"{layers[^1].Detail}, {word}" : word };
        }
        // What we pack is written down as it is applied: from within.
        if (message.Key.Direction == MessageDirection.Outbound)
            layers.Reverse();
        return layers;
    }
}
