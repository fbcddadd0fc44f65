using System.Diagnostics;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>The kubectl of this machine, which has kustomize in it.</summary>
internal static class Kubectl
{
    private static readonly string? Path = InstalledProgram.Find("kubectl");

    /// <summary>Why tests that need it cannot run here; null if they can.</summary>
    public static string? Unmet => Path is null ? "kubectl is not on the PATH" : null;

    /// <summary>What <c>kubectl kustomize</c> makes of a directory.</summary>
    public static string Kustomize(string directory)
    {
        using var process = Process.Start(new ProcessStartInfo(Path!, ["kustomize", directory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"kubectl kustomize {directory}: {errors.Result}");
    }
}

/// <summary>A test that needs kubectl.</summary>
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = Kubectl.Unmet;
}

/// <summary>A test over data that needs kubectl.</summary>
internal sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Kubectl.Unmet;
}
