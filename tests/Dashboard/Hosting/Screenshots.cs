using Microsoft.Playwright;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>
/// Pictures of the pages for the documentation, if the environment variable PIPELINE_SCREENSHOTS names a directory to put them into. The
/// host then runs for some minutes first, so that the charts have something to show.
/// </summary>
internal static class Screenshots
{
    private static readonly TimeSpan History = TimeSpan.FromMinutes(3);

    /// <summary>Hides the folder of the build, which stacks name.</summary>
    private const string HideRoot = """
        root => {
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                if (texts.currentNode.data.includes(root)) {
                    texts.currentNode.data = texts.currentNode.data.replaceAll(root, '/repo');
                }
            }
        }
        """;

    private static string? Directory => Environment.GetEnvironmentVariable("PIPELINE_SCREENSHOTS");

    /// <summary>Keeps the dashboard open until its charts are full, because an open page is sampled more often.</summary>
    public static async Task WaitForHistoryAsync(Uri dashboard)
    {
        if (Directory is not null)
        {
            var chromium = new Chromium();
            await chromium.InitializeAsync();
            await using (await chromium.VisitAsync(dashboard, "/"))
            {
                using var timer = new PeriodicTimer(History);
                await timer.WaitForNextTickAsync();
            }

            await chromium.DisposeAsync();
        }
    }

    public static async Task TakeAsync(IPage page, string name)
    {
        if (Directory is { } directory)
        {
            await page.EvaluateAsync(HideRoot, Repository.PathOf());
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(
                directory,
                name + ".png"),
                Animations = ScreenshotAnimations.Disabled,
                Caret = ScreenshotCaret.Hide
            });
        }
    }
}
