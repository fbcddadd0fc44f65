using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Terraform;

/// <summary>A test that needs the providers of the example; it is skipped where terraform cannot get them.</summary>
internal sealed class ProvidersFactAttribute : FactAttribute
{
    public ProvidersFactAttribute() => Skip = InstalledProgram.Find("terraform") is null ? "terraform is not installed"
        : Initialize() ? null
        : "terraform cannot get the providers from their registry";

    /// <summary>A copy of the example, which uses a copy of the module; the providers go beside it, and not into the repository.</summary>
    public static string Example => Path.Combine([Copy, .. TerraformModules.ExamplePath]);

    private static string Copy => Path.Combine(AppContext.BaseDirectory, "terraform");

    private static bool Initialize()
    {
        foreach (var path in new[] { TerraformModules.AzurePath, TerraformModules.ExamplePath })
        {
            var folder = Directory.CreateDirectory(Path.Combine([Copy, .. path]));
            foreach (var file in Directory.GetFiles(Repository.PathOf(path), "*.tf"))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)), overwrite: true);
            }
        }

        return Command.TryAsync("terraform", $"-chdir={Example}", "init", "-backend=false", "-input=false", "-no-color")
            .GetAwaiter()
            .GetResult()
            .ExitCode == 0;
    }
}
