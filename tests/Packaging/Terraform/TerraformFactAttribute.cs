using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Terraform;

/// <summary>A test that runs terraform; it is skipped where there is none.</summary>
internal sealed class TerraformFactAttribute : FactAttribute
{
    public TerraformFactAttribute() => Skip = Command.Exists("terraform") ? null : "terraform is not installed";
}
