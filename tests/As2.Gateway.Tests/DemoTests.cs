using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>The README's first command, as a newcomer runs it.</summary>
public sealed class DemoTests
{
    [Test]
    public async Task the_demo_moves_an_order_each_way_and_ends_well_twice_in_a_row()
    {
        using var data = new TempFolder();
        for (var run = 1; run <= 2; run++)
        {
            await using var gateway = GatewayProcess.Start(data.Path, "demo", "--exit");
            Assert.That(await gateway.ExitAsync(), Is.Zero, gateway.Said);
            Assert.Multiple(() =>
            {
                Assert.That(gateway.Said, Does.Contain("orders.edi").And.Contain("850.x12"));
                Assert.That(gateway.Said.Split('\n').Count(l => l.Contains("identical", StringComparison.Ordinal)), Is.EqualTo(2));
                Assert.That(gateway.Said.Split('\n').Count(l => l.Contains("signature and MIC verified", StringComparison.Ordinal)), Is.EqualTo(2));
                Assert.That(gateway.Said, Does.Contain("compressed").And.Contain("sha-256").And.Contain("aes256-cbc").And.Contain("Message-ID <"));
            });
        }
    }

    [Test]
    public async Task it_stays_up_and_ctrl_c_ends_it_with_0()
    {
        using var data = new TempFolder();
        await using var gateway = GatewayProcess.Start(data.Path, "demo");
        await gateway.SaysAsync("Ctrl+C");
        Assert.That(await gateway.InterruptAsync(), Is.Zero, gateway.Said);
    }

    [Test]
    public async Task a_taken_port_is_told_with_what_to_do()
    {
        using var data = new TempFolder();
        var port = FreePort.TakeRange(3);
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        taken.Start();
        await using var gateway = GatewayProcess.Start(data.Path, port, "demo", "--exit");
        Assert.That(await gateway.ExitAsync(), Is.EqualTo(1));
        Assert.That(gateway.Said, Does.Contain($"{port}").And.Contain("--port").And.Not.Contain("   at "));
    }

    [Test]
    public async Task a_second_gateway_on_the_same_data_is_refused()
    {
        using var data = new TempFolder();
        await using var first = GatewayProcess.Start(data.Path, "demo");
        await first.SaysAsync("Ctrl+C");
        await using var second = GatewayProcess.Start(data.Path, "demo", "--exit");
        Assert.That(await second.ExitAsync(), Is.EqualTo(1));
        Assert.That(second.Said, Does.Contain("AS2-STORE-").And.Not.Contain("   at "));
    }

    [Test]
    public async Task two_gateways_on_other_ports_and_data_run_side_by_side()
    {
        using var data = new TempFolder();
        await using var first = GatewayProcess.Start(data["a"], "demo");
        await first.SaysAsync("Ctrl+C");
        await using var second = GatewayProcess.Start(data["b"], "demo", "--exit");
        Assert.That(await second.ExitAsync(), Is.Zero, second.Said);
    }

    [TestCase("--port", "0")]
    [TestCase("--port", "x")]
    [TestCase("--colour", "red")]
    public async Task what_is_not_understood_is_told_with_the_usage(string option, string value)
    {
        var result = await Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "demo", option, value]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain("--data DIR"));
    }
}
