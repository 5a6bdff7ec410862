using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace As2.Ftp.Server;

/// <summary>Every fault of the settings at once, before a port opens.</summary>
internal sealed class FtpServerOptionsValidator : IValidateOptions<FtpServerOptions>
{
    public ValidateOptionsResult Validate(string? name, FtpServerOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(FtpServerOptions options)
    {
        if (options.Certificate is null && !options.AllowInsecurePlain)
            yield return "FtpServerOptions.Certificate is missing: give the server's certificate with its private key.";
        if (options.FirstPassivePort != 0 && (options.FirstPassivePort < 1024 || options.LastPassivePort > 65535))
            yield return $"Passive ports {options.FirstPassivePort}–{options.LastPassivePort}: choose a range within 1024–65535.";
        if (options.LastPassivePort < options.FirstPassivePort)
            yield return $"Passive ports {options.FirstPassivePort}–{options.LastPassivePort}: the last is below the first.";
        if (options.PublicAddress is { AddressFamily: not AddressFamily.InterNetwork })
            yield return $"FtpServerOptions.PublicAddress {options.PublicAddress}: PASV carries IPv4 only.";
        if (options.Greeting.AsSpan().ContainsAny('\r', '\n'))
            yield return "FtpServerOptions.Greeting is one line.";
        foreach (var (limit, value) in Positive(options.Limits))
        {
            if (value <= 0)
                yield return $"FtpServerLimits.{limit} is {value}: it must be above 0.";
        }
    }

    private static IEnumerable<(string Name, double Value)> Positive(FtpServerLimits limits)
    {
        yield return (nameof(limits.MaxSessions), limits.MaxSessions);
        yield return (nameof(limits.MaxSessionsPerAddress), limits.MaxSessionsPerAddress);
        yield return (nameof(limits.MaxSessionsPerAccount), limits.MaxSessionsPerAccount);
        yield return (nameof(limits.MaxConnectionsPerMinute), limits.MaxConnectionsPerMinute);
        yield return (nameof(limits.MaxUploadBytes), limits.MaxUploadBytes);
        yield return (nameof(limits.SignInTimeout), limits.SignInTimeout.TotalSeconds);
        yield return (nameof(limits.IdleTimeout), limits.IdleTimeout.TotalSeconds);
        yield return (nameof(limits.BlockTimeout), limits.BlockTimeout.TotalSeconds);
        yield return (nameof(limits.DataConnectionWindow), limits.DataConnectionWindow.TotalSeconds);
        yield return (nameof(limits.MaxFailedSignIns), limits.MaxFailedSignIns);
    }
}
