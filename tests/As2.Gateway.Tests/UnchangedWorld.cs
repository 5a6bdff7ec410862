using As2.Gateway.Tests.Operations;

namespace As2.Gateway.Tests;

/// <summary>One gateway for all tests that are refused, or only read: a start costs more than what they ask.</summary>
[SetUpFixture]
internal sealed class UnchangedWorld
{
    private static readonly Lazy<Task<ConsoleWorld>> s_world = new(() => ConsoleWorld.StartAsync());

    /// <summary>It is nobody's to change or dispose; a user of one's own is no change.</summary>
    public static Task<ConsoleWorld> GetAsync() => s_world.Value;

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (s_world.IsValueCreated)
            await (await s_world.Value).DisposeAsync();
    }
}
