using Microsoft.Playwright;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>
/// Pictures of the pages for the documentation, if the environment variable PIPELINE_SCREENSHOTS names a directory to put them into. The
/// host then runs for some minutes first, so that the charts have something to show.
/// </summary>
internal static class Screenshots
{
    private static readonly TimeSpan History = TimeSpan.FromMinutes(5);

    private static string? Directory => Environment.GetEnvironmentVariable("PIPELINE_SCREENSHOTS");

    public static async Task WaitForHistoryAsync()
    {
        if (Directory is not null)
        {
            using var timer = new PeriodicTimer(History);
            await timer.WaitForNextTickAsync();
        }
    }

    public static async Task TakeAsync(IPage page, string name)
    {
        if (Directory is { } directory)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(directory, name + ".png"), Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
        }
    }
}
