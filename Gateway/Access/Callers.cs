using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>
/// The callers in the settings. They follow the settings while the host runs: new callers apply from the next request on, and
/// invalid settings are logged and do not change the callers.
/// </summary>
internal sealed partial class Callers : IDisposable
{
    private const string Realm = "Orleans.Pipeline";

    private readonly IOptionsFactory<GatewaySettings> _settings;
    private readonly ILogger<Callers> _logger;
    private readonly List<IDisposable> _changes;
    private volatile KnownCallers _known;

    public Callers(
        IOptionsFactory<GatewaySettings> settings, IEnumerable<IOptionsChangeTokenSource<GatewaySettings>> changes, ILogger<Callers> logger)
    {
        _settings = settings;
        _logger = logger;
        var current = Current();
        _known = KnownCallers.Of(current, wereAsked: false);
        HaveTokens = current.Jwt is not null;
        _changes = [.. changes.Select(source => ChangeToken.OnChange(source.GetChangeToken, Refresh))];
    }

    /// <summary>Whether callers must authenticate. Once they must, they must until the host ends, whatever the settings become.</summary>
    public bool AreAsked => _known.AreAsked;

    /// <summary>Whether the gateway accepts requests from other machines.</summary>
    public bool MayComeFromElsewhere => _known.AreAsked || _known.MayBeAnyone;

    /// <summary>Whether callers can authenticate with a token.</summary>
    public bool HaveTokens { get; }

    /// <summary>Whether callers can authenticate with a certificate.</summary>
    public bool HaveCertificates => _known.ByThumbprint.Count > 0;

    /// <summary>The ways in which a caller can say who it is, as the header <c>WWW-Authenticate</c> has them.</summary>
    /// <param name="tokenFailed">Whether the request had a token that was refused.</param>
    public StringValues Challenges(bool tokenFailed)
    {
        var key = $"ApiKey realm=\"{Realm}\", header=\"{GatewayAuthentication.KeyHeader}\"";
        var token = $"Bearer realm=\"{Realm}\"{(tokenFailed ? ", error=\"invalid_token\"" : "")}";
        return HaveTokens ? new StringValues([key, token]) : new StringValues(key);
    }

    /// <summary>The advice for a request without credentials.</summary>
    public string Hint => $"Send an API key in the header "
        + $"{GatewayAuthentication.KeyHeader}{(HaveTokens ? " or a token as Authorization: Bearer" : "")}.";

    /// <summary>
    /// Finds the caller of an API key, in a time that does not depend on which keys there are or how alike they are; null if there is none.
    /// </summary>
    public Caller? FindByKey(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        Caller? found = null;
        foreach (var (known, caller) in _known.ByKey)
        {
            found = CryptographicOperations.FixedTimeEquals(known, hash) ? caller : found;
        }

        return found;
    }

    public Caller? FindByCertificate(X509Certificate2 certificate) =>
        _known.ByThumbprint.GetValueOrDefault(certificate.GetCertHashString(HashAlgorithmName.SHA256));

    /// <summary>Finds the caller of a name; null if the settings do not name it, or no longer.</summary>
    public Caller? FindByName(string name) => _known.ByKey.Select(key => key.Caller).FirstOrDefault(caller => caller.Name == name);

    public void Dispose() => _changes.ForEach(change => change.Dispose());

    private AuthenticationSettings Current() => _settings.Create(Options.DefaultName).Authentication;

    private void Refresh()
    {
        try
        {
            _known = KnownCallers.Of(Current(), _known.AreAsked);
            Refreshed(_known.ByKey.Count, _known.ByThumbprint.Count);
        }
        catch (OptionsValidationException refused)
        {
            NotRefreshed(string.Join(' ', refused.Failures));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The settings changed; callers are known by {Keys} API keys and {Certificates} "
        + "certificates now")]
    private partial void Refreshed(int keys, int certificates);

    [LoggerMessage(Level = LogLevel.Error, Message = "The settings changed, but they are not valid, so the callers stay as they were: "
        + "{Faults}")]
    private partial void NotRefreshed(string faults);
}
