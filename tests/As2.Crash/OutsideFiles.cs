using System.Collections.Concurrent;
using System.Net;
using As2.Ftp.Server.Accounts;
using As2.Ftp.Server.Files;

namespace As2.Crash;

/// <summary>
/// The files of a customer's server. Whoever renames a file out of the hidden folder has delivered it: the customer takes it in the
/// same moment, so that nobody can ask afterwards whether it is there.
/// </summary>
internal sealed class OutsideFiles(Ledger ledger) : IFtpFiles, IFtpAccounts, IOutsideServer
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>Runs before the client hears of the rename.</summary>
    public Action? AtRename { get; set; }

    public IEnumerable<string> Left => _files.Keys.Where(name => name.EndsWith(".part", StringComparison.Ordinal));

    /// <summary>order-4f1c09d2a7b3.edi: the gateway made the name unique with twelve digits of its own.</summary>
    public static string Original(string name) => name[..name.LastIndexOf('-')] + ".edi";

    public ValueTask<FtpAccount?> SignInAsync(string user, string password, IPEndPoint remote, CancellationToken cancellationToken)
        => ValueTask.FromResult(password == World.Password(user) ? new FtpAccount(user, this) : null);

    public ValueTask<FtpEntry?> FindAsync(FtpPath path, CancellationToken cancellationToken) => ValueTask.FromResult(
        path.ToString() is "/" or "/.in" ? new FtpEntry(path.Name, true, 0, default)
        : _files.TryGetValue(path.ToString(), out var content) ? new FtpEntry(path.Name, false, content.Length, default) : null);

    public ValueTask<IReadOnlyList<FtpEntry>> ListAsync(FtpPath folder, CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyList<FtpEntry>>([.. _files.Where(f => f.Key.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(f => new FtpEntry(f.Key[(f.Key.LastIndexOf('/') + 1)..], false, f.Value.Length, default))]);

    public ValueTask<Stream> OpenReadAsync(FtpPath path, CancellationToken cancellationToken)
        => ValueTask.FromResult<Stream>(new MemoryStream(_files[path.ToString()]));

    public ValueTask<IFtpUpload> CreateAsync(FtpPath path, long? expectedLength, CancellationToken cancellationToken)
        => ValueTask.FromResult<IFtpUpload>(new Upload(content => _files[path.ToString()] = content));

    public ValueTask<string> RenameAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken)
    {
        if (!_files.TryRemove(from.ToString(), out var content))
            throw new FtpRefusedException(550, $"{from} is not there.");
        ledger.Delivered("outside", Original(to.Name), $"{to.Name} {Guid.NewGuid()}", Ledger.Hash(content));
        if (AtRename is { } act)
        {
            AtRename = null;
            act();
        }
        return ValueTask.FromResult("Renamed.");
    }

    public ValueTask DeleteAsync(FtpPath path, CancellationToken cancellationToken)
        => _files.TryRemove(path.ToString(), out _) ? ValueTask.CompletedTask : throw new FtpRefusedException(550, $"{path} is not there.");

    private sealed class Upload(Action<byte[]> complete) : IFtpUpload
    {
        private readonly MemoryStream _content = new();

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
            => await _content.WriteAsync(octets, cancellationToken);

        public ValueTask<string> CompleteAsync(CancellationToken cancellationToken)
        {
            complete(_content.ToArray());
            return ValueTask.FromResult("Stored.");
        }

        public ValueTask DisposeAsync() => _content.DisposeAsync();
    }
}
