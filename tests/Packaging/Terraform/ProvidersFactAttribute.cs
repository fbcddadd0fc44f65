using Orleans.Pipeline.Crashes.Tests;
using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Terraform;

/// <summary>A test that needs the providers of the example; it is skipped where terraform cannot get them.</summary>
internal sealed class ProvidersFactAttribute : FactAttribute
{
    public ProvidersFactAttribute() => Skip = !Command.Exists("terraform") ? "terraform is not installed"
        : Initialize() ? null
        : "terraform cannot get the providers from their registry";

    /// <summary>The example, which uses the module.</summary>
    public static string Example => Repository.PathOf(TerraformModules.ExamplePath);

    private static bool Initialize() =>
        Command.TryAsync("terraform", $"-chdir={Example}", "init", "-backend=false", "-input=false", "-no-color").GetAwaiter().GetResult().ExitCode == 0;
}
