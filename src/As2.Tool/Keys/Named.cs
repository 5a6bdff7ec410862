using As2.Agreements;
using As2.Certificates;

namespace As2.Tool.Keys;

/// <summary>A certificate, and the AS2 name that it belongs to where the command line says so: <c>[NAME=]FILE</c>.</summary>
/// <param name="Name">The AS2 name, or null: any.</param>
/// <param name="File">The path.</param>
internal sealed record NamedFile(As2Identifier? Name, string File)
{
    /// <summary>Reads <c>[NAME=]FILE</c>; a path that exists as it stands is no pair.</summary>
    public static NamedFile Parse(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !System.IO.File.Exists(argument) && As2Identifier.TryParseHeader(argument[..equals], out var name)
            ? new NamedFile(name, argument[(equals + 1)..])
            : new NamedFile(null, argument);
    }
}

/// <summary>A loaded certificate with its AS2 name, or null for any.</summary>
internal sealed record NamedCertificate(As2Identifier? Name, As2Certificate Certificate);
