"""What Pagos refuses."""

from domain.base.errores import Conflicto, NoEncontrado, ReglaRota


class PayoutNoEncontrado(NoEncontrado):
    codigo = "PAYOUT_NO_ENCONTRADO"
    mensaje = "Payout no encontrado"


class PartnerNoEncontrado(ReglaRota):
    codigo = "PARTNER_NO_ENCONTRADO"
    mensaje = "Partner no encontrado"


class CompletadoSinConfirmacion(ReglaRota):
    codigo = "COMPLETADO_SIN_CONFIRMACION"
    mensaje = "completed_at requiere confirmation_id"


class FalloConConfirmacion(ReglaRota):
    codigo = "FALLO_CON_CONFIRMACION"
    mensaje = "failure_reason y confirmation_id se excluyen"


class CodigoDesconocido(ReglaRota):
    codigo = "CODIGO_DESCONOCIDO"
    mensaje = "codigo debe ser FONDOS, CUENTA, RECHAZADO, TECNICO o REPORTADO"


class PayoutYaExiste(Conflicto):
    codigo = "PAYOUT_YA_EXISTE"
    mensaje = "El id ya está en uso por otro payout"


class ConfirmacionYaUsada(Conflicto):
    codigo = "CONFIRMACION_YA_USADA"
    mensaje = "La confirmación ya fue usada por otro pago del partner"


class PagoYaConfirmado(Conflicto):
    codigo = "PAGO_YA_CONFIRMADO"
    mensaje = "El payout ya fue confirmado con otros datos"


class PagoYaFallido(Conflicto):
    codigo = "PAGO_YA_FALLIDO"
    mensaje = "El payout ya falló con otros datos"


class IntentoSinEmpezar(Conflicto):
    codigo = "INTENTO_SIN_EMPEZAR"
    mensaje = "El payout aún no llega a ese intento"


class FalloDefinitivo(Conflicto):
    codigo = "FALLO_DEFINITIVO"
    mensaje = "El fallo es definitivo y no admite reintentos"
