using System.Text.Json.Serialization;

namespace ManagedGateway.Operations.Access;

/// <summary>What a user may do. Each role includes the ones before it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
internal enum Role
{
    /// <summary>Looks: messages without their contents, partners, usage, alerts.</summary>
    Viewer,

    /// <summary>Works with messages: sends, retries, withdraws, downloads evidence.</summary>
    Operator,

    /// <summary>Changes partnerships and accounts.</summary>
    PartnerAdmin,

    /// <summary>Changes users and sees the audit log. Always of the whole gateway, never of one organisation.</summary>
    SecurityAdmin,
}
