using System.Diagnostics;

namespace Orleans.Pipeline.EndToEnd.Tests.Trimmed;

public sealed class TrimmedProgramTests
{
    [TrimmingFact]
    public async Task A_program_that_sends_reads_and_operates_is_trimmed_without_a_warning_and_still_does_it_all()
    {
        var (exitCode, log) = await DotnetCommand.PublishAsync();
        Assert.True(exitCode == 0, log);
        Assert.DoesNotContain("warning", log, StringComparison.OrdinalIgnoreCase);
        using var folder = new TemporaryDirectory();
        await using var host = HostProcess.Start("SdkTour.Host.dll", "--database", folder["shop.db"], "--urls", "http://127.0.0.1:0");
        var address = await host.ReadyAsync();

        using var program = Process.Start(new ProcessStartInfo(
            DotnetCommand.Program,
            [address.ToString()])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync();

        Assert.True(program.ExitCode == 0, $"{await output}\n{await errors}");
        Assert.Contains("Large order: orders/", await output, StringComparison.Ordinal);
    }
}
