using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Client.Hosting;

/// <summary>Reads the options of one client from its section, if the host has a configuration, and validates them.</summary>
internal sealed class PipelineClientOptionsSetup(string name, IConfiguration? configuration)
    : IConfigureNamedOptions<PipelineClientOptions>, IValidateOptions<PipelineClientOptions>
{
    private string Section => name == Options.DefaultName ? "Pipeline:Client" : $"Pipeline:Clients:{name}";

    public void Configure(string? optionsName, PipelineClientOptions options)
    {
        if (optionsName != name || configuration is null)
        {
            return;
        }

        var section = configuration.GetSection(Section);
        foreach (var address in (section[nameof(options.Addresses)] ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            options.Addresses.Add(address);
        }

        try
        {
            section.Bind(options, static binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException unfit)
        {
            throw new OptionsValidationException(
                name, typeof(PipelineClientOptions), [$"The section '{Section}' of the configuration is not valid: {unfit.Message}"]);
        }
    }

    public void Configure(PipelineClientOptions options) => Configure(Options.DefaultName, options);

    public ValidateOptionsResult Validate(string? optionsName, PipelineClientOptions options)
    {
        if (optionsName != name)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            options.Build();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException invalid)
        {
            return ValidateOptionsResult.Fail(
                $"The pipeline client{(name == Options.DefaultName ? "" : $" '{name}'")} (section '{Section}' of the configuration): "
                + invalid.Message);
        }
    }
}
