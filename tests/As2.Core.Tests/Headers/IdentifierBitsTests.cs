namespace As2.Core.Tests.Headers;

public sealed class IdentifierBitsTests
{
    private const int Many = 20_000;

    [Test]
    public void a_uuid_is_of_version_7_and_of_this_moment()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < 1000; i++)
        {
            var text = IdentifierBits.Uuid();
            var uuid = Guid.ParseExact(text, "N");
            Assert.That((uuid.Version, uuid.Variant & 0xC), Is.EqualTo((7, 8)));
            Assert.That(Convert.ToInt64(text[..12], 16), Is.InRange(before, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        }
    }

    [Test]
    public void identifiers_of_all_threads_differ_in_every_digit()
    {
        var identifiers = Enumerable.Range(0, Many).AsParallel().WithDegreeOfParallelism(8).Select(_ => IdentifierBits.Hex()).ToList();
        Assert.That(identifiers.Distinct().Count(), Is.EqualTo(Many));
        for (var digit = 0; digit < 32; digit++)
            Assert.That(identifiers.Select(identifier => identifier[digit]).Distinct().Count(), Is.EqualTo(16), $"digit {digit}");
        Assert.That(Enumerable.Range(0, Many).AsParallel().Select(_ => IdentifierBits.Uuid()).Distinct().Count(), Is.EqualTo(Many));
    }
}
