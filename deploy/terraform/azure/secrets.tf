resource "azurerm_key_vault" "this" {
  name                       = local.unique_name
  resource_group_name        = azurerm_resource_group.this.name
  location                   = azurerm_resource_group.this.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  enable_rbac_authorization  = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 30
  tags                       = var.tags

  network_acls {
    bypass                     = "AzureServices"
    default_action             = "Deny"
    ip_rules                   = local.ip_rules
    virtual_network_subnet_ids = [azurerm_subnet.nodes.id]
  }
}

resource "azurerm_role_assignment" "secrets_writer" {
  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = data.azurerm_client_config.current.object_id
}

resource "azurerm_key_vault_secret" "postgres" {
  name         = "pipeline-postgres"
  key_vault_id = azurerm_key_vault.this.id
  content_type = "connection string, as Npgsql reads it"
  tags         = var.tags

  value = join(";", [
    "Host=${azurerm_postgresql_flexible_server.this.fqdn}",
    "Port=5432",
    "Database=${azurerm_postgresql_flexible_server_database.pipeline.name}",
    "Username=${azurerm_postgresql_flexible_server.this.administrator_login}",
    "Password=${random_password.postgres.result}",
    "SSL Mode=VerifyFull",
  ])

  depends_on = [azurerm_role_assignment.secrets_writer]
}

resource "azurerm_user_assigned_identity" "secrets" {
  name                = "${var.name}-secrets"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  tags                = var.tags
}

resource "azurerm_role_assignment" "secrets_reader" {
  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.secrets.principal_id
}

resource "azurerm_federated_identity_credential" "secrets" {
  name                = "kubernetes"
  resource_group_name = azurerm_resource_group.this.name
  parent_id           = azurerm_user_assigned_identity.secrets.id
  issuer              = azurerm_kubernetes_cluster.this.oidc_issuer_url
  subject             = "system:serviceaccount:${replace(var.secrets_service_account, "/", ":")}"
  audience            = ["api://AzureADTokenExchange"]
}
