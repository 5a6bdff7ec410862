using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Storage;

/// <summary>A name is given once, whoever else asks for it at that moment.</summary>
public sealed class DurableFileTests
{
    [Test]
    public async Task of_many_who_want_a_name_at_once_one_gets_it_and_nobody_loses_a_file()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 50; round++)
        {
            var final = folder[$"{round}"];
            using var together = new Barrier(4);
            var got = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(() => Take(folder.Write($"{round}.{i}", [(byte)i]), final, together), TaskCreationOptions.LongRunning)));
            Assert.That(got.Count(g => g), Is.EqualTo(1), $"round {round}");
            Assert.That(Enumerable.Range(0, 4).Count(i => File.Exists(folder[$"{round}.{i}"])), Is.EqualTo(3), "the others still have theirs");
            Assert.That(File.ReadAllBytes(final), Is.EqualTo(new[] { (byte)Array.IndexOf(got, true) }));
        }
    }

    [Test]
    public void what_is_not_there_cannot_be_published()
    {
        using var folder = new TempFolder();
        Assert.That(() => DurableFile.Instance.Publish(folder["none"], folder["final"]), Throws.InstanceOf<IOException>());
    }

    private static bool Take(string temporary, string final, Barrier together)
    {
        together.SignalAndWait();
        try
        {
            DurableFile.Instance.Publish(temporary, final);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
