using System.Text.Json.Serialization;
using As2.Ftp.Destinations;
using As2.Ftp.Sources;

namespace ManagedGateway.Outside;

/// <summary>What an outside folder speaks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutsideKind>))]
internal enum OutsideKind
{
    /// <summary>FTP with explicit TLS.</summary>
    Ftps,

    /// <summary>FTP with TLS from the first byte.</summary>
    FtpsImplicit,

    /// <summary>FTP without TLS: password and files are readable on the way.</summary>
    FtpInsecure,

    /// <summary>SFTP.</summary>
    Sftp,

    /// <summary>A folder of this machine.</summary>
    Folder,
}

/// <summary>An account on another server, or a folder of this machine, as the route <c>outside:NAME</c>.</summary>
internal sealed class OutsideSettings
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it speaks. Default: Ftps.</summary>
    public OutsideKind Kind { get; set; }

    /// <summary>The server's host name, or with <see cref="OutsideKind.Folder"/> the folder's path, relative to the data folder.</summary>
    public string Host { get; set; } = "";

    /// <summary>TCP port. Default: the usual one.</summary>
    public int Port { get; set; }

    /// <summary>User name.</summary>
    public string User { get; set; } = "";

    /// <summary>A file of the data folder that holds the password on its first line.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>SFTP: a file of the data folder with our private key, without passphrase.</summary>
    public string? KeyFile { get; set; }

    /// <summary>SFTP: the accepted host keys, as <c>ssh-keygen -lf</c> prints them.</summary>
    public List<string> HostKeys { get; set; } = [];

    /// <summary>FTPS: SHA-256 fingerprints of accepted server certificates. Default: what the operating system trusts, for the host's name.</summary>
    public List<string> Certificates { get; set; } = [];

    /// <summary>FTPS: files of the data folder with the authorities that may have issued the server's certificate, in place of the operating system's.</summary>
    public List<string> Authorities { get; set; } = [];

    /// <summary>FTPS: our certificate with its key, where the server asks for one; a PEM or PKCS#12 file of the data folder.</summary>
    public string? ClientCertificate { get; set; }

    /// <summary><c>http://host:port</c> or <c>socks5://host:port</c>. Default: none.</summary>
    public string? Proxy { get; set; }

    /// <summary>Where received payloads go. Default: this is no route for them.</summary>
    public PutSettings? Put { get; set; }

    /// <summary>From where files are sent. Default: none.</summary>
    public TakeSettings? Take { get; set; }
}

/// <summary>How received payloads are put there.</summary>
internal sealed class PutSettings
{
    /// <summary>The folder. Default: the top.</summary>
    public string Folder { get; set; } = "/";

    /// <summary>Where files wait until they are whole; best where the partner's account cannot look. Default: <c>.in</c> in <see cref="Folder"/>.</summary>
    public string? Temporary { get; set; }

    /// <summary>Reads every file back before it gets its name, and compares digests, not only lengths. Default: false.</summary>
    public bool ReadBack { get; set; }

    /// <summary>The name pattern, with sub-folders; see <see cref="As2.Routes.FileNamePattern"/>. Default: <c>{stem}-{unique}{ext}</c>.</summary>
    public string Naming { get; set; } = As2.Routes.FileNamePattern.Unique.ToString();

    /// <summary>Number or Wait. Default: Number.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<NameCollision>))]
    public NameCollision Collision { get; set; }
}

/// <summary>How files are taken from there.</summary>
internal sealed class TakeSettings
{
    /// <summary>The folder.</summary>
    public string Folder { get; set; } = "/";

    /// <summary>Our AS2 name.</summary>
    public string Local { get; set; } = "";

    /// <summary>The trading partner's AS2 name.</summary>
    public string Partner { get; set; } = "";

    /// <summary>Renamed, TriggerFile or Stable. Default: Renamed.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<FileCompletion>))]
    public FileCompletion Completion { get; set; }

    /// <summary>The ending of trigger files. Default: <c>.ok</c>.</summary>
    public string TriggerEnding { get; set; } = ".ok";

    /// <summary>With Stable: how long a file must stand still. Default: a minute.</summary>
    public TimeSpan StableFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Pause between two looks. Default: 30 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Where files wait that are being taken. Default: <c>.claim</c> in <see cref="Folder"/>.</summary>
    public string? Claim { get; set; }

    /// <summary>Where files go that were taken. Default: they are deleted.</summary>
    public string? Done { get; set; }

    /// <summary>Names this gateway among others on the same folder. Default: as2. Nodes over one store share it.</summary>
    public string Owner { get; set; } = "as2";

    /// <summary>Where <c>receipts</c> and <c>failed</c> are made. Default: <see cref="Folder"/>.</summary>
    public string? Report { get; set; }
}
