using System.Security.Cryptography;
using As2.Layers;
using As2.Payloads;

namespace As2.Tool.Inspection;

/// <summary>Takes payloads as they come out of the layers and keeps nothing of them but length and hash; a copy may go elsewhere.</summary>
internal sealed class PayloadDigests(Func<PayloadHeader, int, PayloadCopy?>? copyTo = null) : IPayloadSink, IDisposable
{
    private readonly List<Entry> _entries = [];

    /// <summary>What came; ends the last one.</summary>
    public IReadOnlyList<PayloadReport> Finish() => [.. _entries.Select(e => e.Finish())];

    public IOctetSink Begin(PayloadHeader header)
    {
        _entries.LastOrDefault()?.Finish();
        var entry = new Entry(header, copyTo?.Invoke(header, _entries.Count + 1));
        _entries.Add(entry);
        return entry;
    }

    public void Dispose() => _entries.ForEach(e => e.Dispose());

    private sealed class Entry(PayloadHeader header, PayloadCopy? copy) : IOctetSink, IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly ExchangeSummary? _exchange = ExchangeSummary.For(header);
        private long _length;
        private PayloadReport? _report;

        public void Push(ReadOnlySpan<byte> octets)
        {
            _hash.AppendData(octets);
            _length += octets.Length;
            _exchange?.Push(octets);
            copy?.Stream.Write(octets);
        }

        public PayloadReport Finish()
        {
            if (_report is null)
                copy?.Stream.Dispose();
            return _report ??= new PayloadReport(header.FileName, header.ContentType, _length, Convert.ToHexStringLower(_hash.GetHashAndReset())) { WrittenTo = copy?.Path, About = _exchange?.Finish() };
        }

        public void Dispose()
        {
            _hash.Dispose();
            copy?.Stream.Dispose();
        }
    }
}

/// <summary>Where a payload is written.</summary>
internal sealed record PayloadCopy(string Path, Stream Stream);
