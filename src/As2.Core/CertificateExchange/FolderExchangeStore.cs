using System.Collections.Concurrent;
using System.Globalization;
using As2.Storage;

namespace As2.CertificateExchange;

/// <summary>
/// Exchanges as JSON files of a folder: <c>ID.VERSION.json</c>. A version is written once, flushed, and given its name only while
/// nobody else has it, so several processes may share the folder: a gateway and its commands. Every version stays, as history.
/// </summary>
public sealed class FolderExchangeStore : IExchangeStore
{
    private const string Extension = ".json";

    private readonly string _folder;
    private readonly IDurableFile _durable;
    private readonly ConcurrentDictionary<string, Exchange> _read = new(StringComparer.Ordinal);

    /// <summary>Opens it; a folder that is not there is made with the first exchange.</summary>
    /// <param name="folder">The folder, on a local disk. It holds certificates and no keys.</param>
    /// <param name="durable">Default: <see cref="DurableFile.Instance"/>.</param>
    public FolderExchangeStore(string folder, IDurableFile? durable = null)
        => (_folder, _durable) = (Path.GetFullPath(folder), durable ?? DurableFile.Instance);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Exchange>> ListAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_folder))
            return ValueTask.FromResult<IReadOnlyList<Exchange>>([]);
        // The name of a file says its version, and a version never changes: only new ones are opened.
        var last = Directory.EnumerateFiles(_folder, "*" + Extension).Select(path => Path.GetFileName(path)).Where(name => VersionOf(name) > 0)
            .GroupBy(name => name.Split('.')[0], StringComparer.Ordinal).Select(versions => _read.GetOrAdd(versions.MaxBy(VersionOf)!, Read));
        return ValueTask.FromResult<IReadOnlyList<Exchange>>([.. last.OrderBy(e => e.Created).ThenBy(e => e.Id, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var next = exchange with { Version = exchange.Version + 1 };
        var name = string.Create(CultureInfo.InvariantCulture, $"{next.Id}.{next.Version}{Extension}");
        var (temporary, final) = (Path.Combine(_folder, $"{Guid.NewGuid():N}.new"), Path.Combine(_folder, name));
        try
        {
            if (!Directory.Exists(_folder))
                Create();
            if (exchange.Version > 0 && !File.Exists(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{next.Id}.{exchange.Version}{Extension}"))))
                return ValueTask.FromResult(false);
            Write(temporary, ExchangeJson.Write(next));
            return ValueTask.FromResult(Publish(temporary, final));
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            throw StoreFault.FromDisk(e, final);
        }
        finally
        {
            File.Delete(temporary); // published, it is gone already
        }
    }

    private void Create()
    {
        Directory.CreateDirectory(_folder);
        _durable.FlushFolder(Path.GetDirectoryName(_folder)!);
    }

    private void Write(string path, byte[] octets)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, octets, 0);
        _durable.Flush(file, path);
    }

    private bool Publish(string temporary, string final)
    {
        try
        {
            _durable.Publish(temporary, final);
            return true;
        }
        catch (IOException) when (File.Exists(temporary) && File.Exists(final))
        {
            // The name was taken: somebody else's version came first.
            return false;
        }
    }

    private Exchange Read(string name)
    {
        var path = Path.Combine(_folder, name);
        try
        {
            return ExchangeJson.Read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            throw StoreFault.Lost(path, $"cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or FormatException)
        {
            throw StoreFault.Lost(path, $"is no certificate exchange: {e.Message}", e);
        }
    }

    /// <summary>The version that a file's name says; 0 for a file that is not ours.</summary>
    private static int VersionOf(string name)
        => name.Split('.') is [{ Length: 32 }, var number, _] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
