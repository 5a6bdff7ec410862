using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using As2.Certificates;

namespace As2.Benchmarks.Large;

/// <summary>
/// A large file signed and encrypted, decrypted and verified, beside the same by openssl's pipeline on the same file in turns. Each
/// runs in processes of its own; the times are those of whole processes. Above 1 GiB openssl gets 1 GiB of it, since its decryption
/// holds the whole file in memory and ends at 2 GiB.
/// </summary>
internal sealed class LargeRunner(LargeOptions options, TextWriter output) : IDisposable
{
    private const double OpensslMost = 1;

    private readonly string _folder = Directory.CreateDirectory(
        Path.Combine(options.Folder ?? (options.Gib <= 2 ? "/dev/shm" : Path.GetTempPath()), $"as2-large-{Environment.ProcessId}")).FullName;

    /// <summary>Runs and prints. 0 when everything was verified.</summary>
    public int Run()
    {
        WriteKeys();
        Fill("large", options.Gib);
        var small = options.Gib > OpensslMost ? "small" : "large";
        if (small != "large")
        {
            Fill(small, OpensslMost);
            output.WriteLine($"# openssl gets {OpensslMost} GiB of the {options.Gib}: it decrypts in memory, and no more than 2");
        }
        var (ours, theirs) = InTurns(() => Ours("large-out", "large"), () => Openssl(small, Sign(small) + " > /dev/null"));
        Print("out", ours, theirs, Rss);
        var outRss = Rss;

        Ours("large-out", small, In("large.p7m"));
        if (small != "large")
        {
            File.Move(In("large.p7m"), In("small.p7m"));
            Ours("large-out", "large", In("large.p7m"));
        }
        (ours, theirs) = InTurns(() => Ours("large-in", "large.p7m"), () => Openssl(small, Verify(small + ".p7m") + " > /dev/null"));
        Print("in", ours, theirs, Rss);

        var inRss = Rss;
        Ours("large-in", "large.p7m", "-", options.Streams);
        var inMany = Rss;
        Ours("large-out", "large", "-", options.Streams);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"streams {options.Streams} out rss {Rss:0} MiB, {(Rss - outRss) / (options.Streams - 1):0.0} MiB a further one; in rss {inMany:0} MiB, {(inMany - inRss) / (options.Streams - 1):0.0} MiB a further one"));
        return 0;
    }

    /// <summary>The highest resident memory of the last run of ours in MiB.</summary>
    private double Rss { get; set; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>GiB a second of both, the median of each.</summary>
    private (double Ours, double Theirs) InTurns(Func<double> ours, Func<double> theirs)
    {
        var rounds = Enumerable.Range(0, options.Rounds).Select(_ => (Ours: ours(), Theirs: theirs())).ToList();
        return (Median(rounds.Select(r => r.Ours)), Median(rounds.Select(r => r.Theirs)));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private void Print(string direction, double ours, double theirs, double rss) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{direction} ratio {ours / theirs:0.00} rss {rss:0} MiB  # {ours * 1024:0} MiB/s, openssl {theirs * 1024:0} MiB/s"));

    private string In(string name) => Path.Combine(_folder, name);

    /// <summary>GiB a second.</summary>
    private double Ours(string command, string file, string target = "-", int streams = 1)
    {
        string[] call = [options.Program, command, _folder, In(file), target, $"{streams}"];
        if (options.Program.EndsWith(".dll", StringComparison.Ordinal))
            call = ["dotnet", .. call];
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(call[0], call[1..]) { RedirectStandardOutput = true })!;
        var peak = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}.");
        Rss = double.Parse(peak, CultureInfo.InvariantCulture) / 1024;
        return options.Gib / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private double Openssl(string file, string pipeline)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("bash", ["-o", "pipefail", "-c", pipeline]) { WorkingDirectory = _folder, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"openssl on {file}: {error}");
        return (file == "large" ? options.Gib : OpensslMost) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Sign(string file)
        => $"openssl cms -sign -binary -stream -md sha256 -signer alice.pem -in {file} | openssl cms -encrypt -binary -stream -aes128 -outform DER bob.pem";

    private static string Verify(string file)
        => $"openssl cms -decrypt -binary -inform DER -recip bob.pem -inkey bob.pem -in {file} | openssl cms -verify -binary -crlfeol -CAfile alice.pem -attime 1590969600 -purpose any";

    private void WriteKeys()
    {
        foreach (var (name, key) in new[] { ("alice", Message.Alice), ("bob", Message.Bob) })
            File.WriteAllText(In(name + ".pem"), CertificateFile.ToPem(key) + CertificateFile.ToKeyPem(key));
    }

    private void Fill(string name, double gib)
    {
        using var file = File.Create(In(name));
        // Lines that end in CRLF: the verification of a multipart by openssl (-crlfeol) changes any others.
        var block = RandomNumberGenerator.GetItems("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+:' "u8, 1 << 20);
        for (var i = 80; i < block.Length; i += 80)
            "\r\n"u8.CopyTo(block.AsSpan(i - 2));
        for (var left = (long)(gib * (1 << 30)); left > 0; left -= block.Length)
            file.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
    }
}
