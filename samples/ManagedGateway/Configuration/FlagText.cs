using System.Text.Json;
using System.Text.Json.Serialization;

namespace ManagedGateway.Configuration;

/// <summary>A flag that may also be the text true or false, as a variable of the environment has it.</summary>
internal sealed class FlagText : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String when bool.TryParse(reader.GetString(), out var flag) => flag,
        _ => throw new JsonException("true or false is wanted"),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
