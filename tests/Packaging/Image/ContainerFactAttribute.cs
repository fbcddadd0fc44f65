using System.Diagnostics;

namespace Orleans.Pipeline.Packaging.Tests.Image;

/// <summary>A test that mounts a root for a process of its own; it is skipped where that is not permitted.</summary>
internal sealed class ContainerFactAttribute : FactAttribute
{
    private const string Dotnet = "/usr/bin/dotnet";

    public ContainerFactAttribute() => Skip = !Environment.IsPrivilegedProcess ? "only root may mount a file system for reading only"
        : !File.Exists(Dotnet) ? $"dotnet is not installed as {Dotnet}, which the root of the test takes over from this machine"
        : !CanMount() ? "this machine does not permit a mount namespace (unshare --mount, of util-linux)"
        : null;

    private static bool CanMount()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(
                "unshare",
                ["--mount", "mount", "--make-rprivate", "/"])
            { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
