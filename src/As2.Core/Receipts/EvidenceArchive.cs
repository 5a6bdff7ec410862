using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace As2.Receipts;

/// <summary>A zip archive that adds SHA256SUMS of its entries when it ends.</summary>
internal sealed class EvidenceArchive(Stream output) : IAsyncDisposable
{
    private readonly ZipArchive _zip = new(output, ZipArchiveMode.Create, leaveOpen: true);
    private readonly StringBuilder _sums = new();

    /// <summary>Adds an entry: the head, then what follows it.</summary>
    public async Task AddAsync(string name, ReadOnlyMemory<byte> head, CancellationToken cancellationToken, Stream? rest = null)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var entry = await _zip.CreateEntry(name).OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (entry.ConfigureAwait(false))
        {
            digest.AppendData(head.Span);
            await entry.WriteAsync(head, cancellationToken).ConfigureAwait(false);
            if (rest is not null)
                await CopyAsync(rest, entry, digest, cancellationToken).ConfigureAwait(false);
        }
        _sums.Append(Convert.ToHexStringLower(digest.GetHashAndReset())).Append("  ").Append(name).Append('\n');
    }

    public async ValueTask DisposeAsync()
    {
        var sums = await _zip.CreateEntry("SHA256SUMS").OpenAsync().ConfigureAwait(false);
        await using (sums.ConfigureAwait(false))
            await sums.WriteAsync(Encoding.ASCII.GetBytes(_sums.ToString())).ConfigureAwait(false);
        await _zip.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task CopyAsync(Stream from, Stream to, IncrementalHash digest, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                digest.AppendData(buffer, 0, count);
                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
