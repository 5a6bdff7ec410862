using As2.Testing;

namespace As2.Interop.Tests;

/// <summary>All of the engine is compiled ahead and trimmed without a warning, and the program works.</summary>
public sealed class CompiledAheadTests
{
    [Test]
    public async Task the_engine_compiled_ahead_sends_itself_a_message()
    {
        using var folder = new TempFolder();
        var published = await Command.RunAsync(
            "dotnet",
            ["publish", Repository.PathOf("tests", "As2.Aot"), "-c", "Release", "-p:CompiledAhead=true", "-o", folder.Path, "-v", "q", "-nologo"],
            timeout: TimeSpan.FromMinutes(8));
        Assert.That(published.Succeeded().Text, Does.Not.Contain("warning").IgnoreCase);

        var ran = await Command.RunAsync(folder["As2.Aot"], []);
        Assert.That(ran.Succeeded().Text, Does.StartWith("Acknowledged: "));
    }
}
