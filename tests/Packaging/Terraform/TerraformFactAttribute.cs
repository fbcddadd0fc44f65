namespace Orleans.Pipeline.Packaging.Tests.Terraform;

/// <summary>A test that runs terraform; it is skipped where there is none.</summary>
internal sealed class TerraformFactAttribute : FactAttribute
{
    public TerraformFactAttribute() => Skip = InstalledProgram.Find("terraform") is null ? "terraform is not installed" : null;
}
