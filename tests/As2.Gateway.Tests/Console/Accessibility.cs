using As2.Testing;
using Microsoft.Playwright;

namespace As2.Gateway.Tests.Console;

/// <summary>axe-core's judgement of a page, for people who hear it or use no mouse.</summary>
internal static class Accessibility
{
    private static readonly Lazy<string> s_axe = new(() =>
    {
        var folder = Path.Combine(TestTools.Folder, "axe", "node_modules", "axe-core");
        if (!Directory.Exists(folder))
            Requires.Missing("npm package 'axe-core' is not on this machine: run eng/install-test-tools.sh.");
        return File.ReadAllText(Path.Combine(folder, "axe.min.js"));
    });

    /// <summary>What it finds, of every weight; empty: nothing.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(IPage page)
    {
        await page.EvaluateAsync(s_axe.Value + "; undefined");
        return await page.EvaluateAsync<string[]>(
            "async () => (await axe.run()).violations.map(v => `${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' | ')}`)");
    }
}
