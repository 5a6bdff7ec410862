using System.Text.Json.Serialization;

namespace ManagedGateway.Operations.Notices;

/// <summary>How the connection to the mail server is protected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MailSecurity>))]
public enum MailSecurity
{
    /// <summary>STARTTLS, required.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>None: what is sent, a password too, is readable on the way.</summary>
    InsecurePlain,
}

/// <summary>The mail server for alerts.</summary>
public sealed class MailSettings
{
    /// <summary>Its host name.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its port. Default: 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Default: STARTTLS, required.</summary>
    public MailSecurity Security { get; set; }

    /// <summary>The user; null: none is asked for.</summary>
    public string? User { get; set; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string? Password { get; set; }

    /// <summary>Who writes.</summary>
    public string From { get; set; } = "";

    /// <summary>Who is told.</summary>
    public List<string> To { get; set; } = [];
}
