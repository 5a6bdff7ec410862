using System.Text.Json.Serialization;

namespace ManagedGateway.Operations.Notices;

/// <summary>What a webhook is told of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WebhookEvents>))]
internal enum WebhookEvents
{
    /// <summary>Messages: each state that they come to.</summary>
    Messages,

    /// <summary>Alerts: raised and resolved.</summary>
    Alerts,

    /// <summary>Both.</summary>
    All,
}

/// <summary>An address that is told by HTTP POST, signed.</summary>
internal sealed class WebhookSettings
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>https, or http where a private network is allowed.</summary>
    public string Url { get; set; } = "";

    /// <summary>The key of the signature; text of at least 16 characters.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Default: messages.</summary>
    public WebhookEvents Events { get; set; }

    /// <summary>The only organisation whose messages and alerts are told; null: all.</summary>
    public string? Organisation { get; set; }

    /// <summary>The address may lead into a private network. Default: false.</summary>
    [JsonConverter(typeof(Configuration.FlagText))]
    public bool AllowPrivateAddresses { get; set; }
}
