using Microsoft.Playwright;
using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>The dashboard without a mouse.</summary>
[Collection(DashboardCollection.Name)]
public sealed class KeyboardTests(Chromium chromium, AccessLogHost host)
{
    private const string HasFocus = "() => document.querySelector('[role=dialog]')?.contains(document.activeElement) ?? false";

    [BrowserFact]
    public async Task Tab_reaches_the_skip_link_every_place_and_every_control_each_with_a_visible_focus()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/pipelines/traffic");
        await visit.Page.EvaluateAsync("() => document.activeElement.blur()");
        var reached = new List<string>();
        for (var step = 0; step < 60; step++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            var focused = await visit.Page.EvaluateAsync<string>(
                "() => { const e = document.activeElement; const s = getComputedStyle(e); return (e.getAttribute('aria-label') || e.textContent).trim() + (s.outlineStyle === 'none' && e !== document.body ? ' WITHOUT OUTLINE' : ''); }");
            reached.Add(focused);
        }

        Assert.DoesNotContain(reached, name => name.EndsWith("WITHOUT OUTLINE", StringComparison.Ordinal));
        foreach (var wanted in new[] { "Skip to the content", "Overview", "Topics", "Pipelines", "Dead letters", "Cluster", "Dark theme", "1 hour", "Pause", "Drain", "Seek …" })
        {
            Assert.Contains(reached, name => name.StartsWith(wanted, StringComparison.Ordinal));
        }
    }

    [BrowserFact]
    public async Task The_skip_link_leads_past_the_navigation()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/");
        await visit.Page.Locator(".skip").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        Assert.Equal("content", await visit.Page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [BrowserFact]
    public async Task Two_keys_go_to_a_place_and_a_slash_to_the_search()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/");
        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync("t");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Topics", Level = 1 })).ToBeFocusedAsync();

        await visit.Page.Keyboard.PressAsync("/");
        await visit.Page.Keyboard.TypeAsync("errors");

        await Expect(visit.Page.Locator("tbody tr th")).ToHaveTextAsync(["access-log.errors"]);
    }

    [BrowserFact]
    public async Task A_dialog_takes_the_focus_keeps_it_and_gives_way_to_Escape()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/pipelines/traffic");
        await visit.Button("Drain").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await visit.Page.WaitForFunctionAsync(HasFocus);
        for (var step = 0; step < 6; step++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            Assert.True(await visit.Page.EvaluateAsync<bool>(HasFocus));
        }

        await visit.Page.Keyboard.PressAsync("Escape");

        await Expect(dialog).ToHaveCountAsync(0);
    }
}
