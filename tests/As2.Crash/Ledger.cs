using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;

namespace As2.Crash;

/// <summary>One payload that was offered to the gateway, and everything that the outside world saw of it.</summary>
internal sealed class Entry(string name, string partner, bool inbound, string sha256)
{
    private readonly ConcurrentDictionary<(string Place, string Id), string> _deliveries = new();
    private readonly ConcurrentQueue<(bool IsPositive, string Sha256)> _receipts = new();

    public string Name => name;

    public string Partner => partner;

    public bool IsInbound => inbound;

    public string Sha256 => sha256;

    /// <summary>The gateway said that it has it: a positive receipt, or 226 and 250.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>Where it must arrive.</summary>
    public IEnumerable<string> Places => !inbound ? ["partner"] : partner == World.Sync ? ["mailbox", "outside"] : ["mailbox"];

    public int Count(string place) => _deliveries.Count(d => d.Key.Place == place);

    public bool IsWhole => _deliveries.Values.All(found => found == sha256);

    public bool IsDelivered => Places.All(place => Count(place) > 0);

    public bool IsDoubled => Places.Any(place => Count(place) > 1);

    /// <summary>True when a receipt was positive and the payload did not arrive, or two receipts for it differ.</summary>
    public bool HasFalseReceipt => (_receipts.Any(r => r.IsPositive) && !IsDelivered) || _receipts.Select(r => r.Sha256).Distinct().Skip(1).Any();

    public bool HasReceipt => !_receipts.IsEmpty;

    public void Delivered(string place, string id, string found) => _deliveries[(place, id)] = found;

    public void Receipt(bool isPositive, ReadOnlySpan<byte> octets)
    {
        _receipts.Enqueue((isPositive, Ledger.Hash(octets)));
        IsAcknowledged |= isPositive;
    }

    public override string ToString()
        => $"{name} acknowledged={IsAcknowledged} whole={IsWhole} receipts={string.Join(',', _receipts)} deliveries={string.Join(',', _deliveries.Keys)}";
}

/// <summary>What the driver knows from the outside alone: it never asks the gateway's store while the campaign runs. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Name, string Body)> _ids = new(StringComparer.Ordinal);
    private int _last, _seen;

    public IEnumerable<Entry> Entries => _entries.Values;

    /// <summary>Breaches that no entry shows: other bytes under one Message-ID, a payload that nobody offered.</summary>
    public ConcurrentQueue<string> Breaches { get; } = new();

    /// <summary>Until the outside world has seen so many more posts, receipts and deliveries, or the time is over.</summary>
    public async Task SeeAsync(int more, TimeSpan most)
    {
        var (until, waited) = (Volatile.Read(ref _seen) + more, Stopwatch.StartNew());
        while (Volatile.Read(ref _seen) < until && waited.Elapsed < most)
            await Task.Delay(5);
    }

    public Entry Offer(string partner, bool inbound, ReadOnlySpan<byte> content)
    {
        var name = $"{(inbound ? "in" : "out")}-{partner}-{Interlocked.Increment(ref _last):d6}.edi";
        return _entries[name] = new Entry(name, partner, inbound, Hash(content));
    }

    public Entry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>Binds a Message-ID to its payload, so that receipts find it.</summary>
    public void Name(string messageId, string name) => _ids[messageId] = (name, "");

    public void Receipt(string messageId, bool isPositive, ReadOnlySpan<byte> octets)
    {
        Interlocked.Increment(ref _seen);
        if (_ids.TryGetValue(messageId, out var known))
            Find(known.Name)?.Receipt(isPositive, octets);
        else
            Breaches.Enqueue($"a receipt for {messageId}, which was never sent");
    }

    /// <summary>A message on the wire: the same id carries the same bytes for ever.</summary>
    public void OnTheWire(string messageId, ReadOnlySpan<byte> body)
    {
        Interlocked.Increment(ref _seen);
        var hash = Hash(body);
        if (_ids.GetOrAdd(messageId, ("", hash)).Body is { Length: > 0 } first && first != hash)
            Breaches.Enqueue($"{messageId} carried other bytes at its second attempt");
    }

    public void Delivered(string place, string name, string id, string sha256)
    {
        Interlocked.Increment(ref _seen);
        if (Find(name) is { } entry)
            entry.Delivered(place, id, sha256);
        else
            Breaches.Enqueue($"{place} took {name}, which nobody offered: a second copy gets such a name");
    }

    public static string Hash(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(SHA256.HashData(octets));
}
