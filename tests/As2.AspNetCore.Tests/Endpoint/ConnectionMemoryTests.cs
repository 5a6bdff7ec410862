namespace As2.AspNetCore.Tests.Endpoint;

public sealed class ConnectionMemoryTests
{
    [Test]
    public void a_block_takes_a_usual_message_and_is_one_owners_alone_until_it_is_given_back()
    {
        using var memory = new ConnectionMemory();
        using var pool = memory.Create();
        var first = pool.Rent();
        using var second = pool.Rent(4096);

        Assert.That(first.Memory.Length, Is.EqualTo(pool.MaxBufferSize).And.GreaterThan(14_000));
        Assert.That(first.Memory.Span.Overlaps(second.Memory.Span), Is.False);

        var octets = first.Memory;
        first.Dispose();
        using var third = memory.Create().Rent();
        Assert.That(third.Memory.Span.Overlaps(octets.Span), Is.True);
        Assert.That(() => pool.Rent(pool.MaxBufferSize + 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
